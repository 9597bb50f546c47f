let given = 0;

/** The next loopback address that nobody has called from yet: limits count by address. */
export function nextAddress(): string {
  given += 1;
  return `127.${1 + (Math.floor(given / 62_500) % 250)}.${1 + (Math.floor(given / 250) % 250)}.${1 + (given % 250)}`;
}
