/** Name, SQL expression and the value that the driver returns. `mood` is an enum of 'sad' and 'so so'. */
export const values: [string, string, unknown][] = [
  ["int8 beyond 2^53", "9007199254740993::int8", "9007199254740993"],
  [
    "numeric of 40 digits",
    "1234567890123456789012345678901234567890.10",
    "1234567890123456789012345678901234567890.10",
  ],
  ["float8 NaN", "'NaN'::float8", Number.NaN],
  ["float8 infinity", "'-Infinity'::float8", Number.NEGATIVE_INFINITY],
  ["float8 to its last digit", "0.1::float8 + 0.2", 0.30000000000000004],
  ["boolean", "1 = 1", true],
  ["null", "null::text", null],
  ["empty text", "''::text", ""],
  ["text beyond ASCII", "'naïve 🗝'::text", "naïve 🗝"],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["json", `'{"b": 1,  "a": [null, "x"]}'::json`, { b: 1, a: [null, "x"] }],
  ["jsonb", `'{"b": 1, "a": [1e3, true]}'::jsonb`, { a: [1000, true], b: 1 }],
  [
    "text array",
    `array['a', null, 'say "x"', 'c:\\d', '', '{,}', 'NULL']`,
    ["a", null, 'say "x"', "c:\\d", "", "{,}", "NULL"],
  ],
  [
    "nested int array",
    "'{{1,2},{3,null}}'::int[]",
    [
      [1, 2],
      [3, null],
    ],
  ],
  ["bytea", "'\\x00ff10'::bytea", Buffer.from([0, 255, 16])],
  ["enum", "'sad'::mood", "sad"],
  ["enum array", "array['sad', null, 'so so']::mood[]", '{sad,NULL,"so so"}'],
  ["inet", "'192.168.0.1/24'::inet", "192.168.0.1/24"],
  ["range", "int4range(1, 5)", "[1,5)"],
  ["record", "row(1, 'a b', null)", '(1,"a b",)'],
];
