/** A line that looks like it holds a secret. It does not repeat the secret. */
export type Suspicion = { file: string; line: number; kind: string };

/** Secrets with a recognizable format, of services that Latchkey or its developers use. */
const knownFormats: Record<string, RegExp> = {
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a Resend key": /\bre_[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,}/,
  "a Neon password": /\bnpg_[A-Za-z0-9]{10,}/,
  "a Neon API key": /\bnapi_[A-Za-z0-9]{40,}/,
  "a Vercel token": /\bvc[a-z]_[A-Za-z0-9]{24,}/,
  "a GitHub token": /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/,
  "an npm token": /\bnpm_[A-Za-z0-9]{36}\b/,
  "an AWS key": /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a JWT": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  "the password of a cloud database":
    /postgres(?:ql)?:\/\/[^\s:@/]+:(?!password@|\$\{)[^\s:@/]{6,}@[\w.-]+\.neon\.tech/,
};

/** Package checksums in a lockfile are random, but public. */
const checksums = /"integrity": "sha512-[A-Za-z0-9+/=]+"/g;
const candidates = /[A-Za-z0-9+/_-]{32,}={0,2}/g;

/** Prefixes of the keys and tokens that the OpenAPI document shows as examples. */
const examplePrefixes = ["AZqvM0x2cYi_", "eyJhbGciOiJFZERTQSIsInR5cCI6", "11qYAYKxCrfVS_", "kPrK_qmxVWaYVA"];

// 20 of 20,000 random base64url texts of 43 characters are below this. No other text in this repository is above it.
const minRandomEntropy = 4.42;

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return shares.reduce((bits, share) => bits - share * Math.log2(share), 0);
}

const isRandom = (text: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) &&
  entropy(text) >= minRandomEntropy &&
  !examplePrefixes.some((prefix) => text.startsWith(prefix));

function kindOf(line: string): string | undefined {
  for (const [kind, pattern] of Object.entries(knownFormats)) if (pattern.test(line)) return kind;
  const texts = line.replace(checksums, "").match(candidates) ?? [];
  return texts.some(isRandom) ? "a random text like a key" : undefined;
}

/** Every line of a file that looks like it holds a secret. */
export function findSecrets(file: string, text: string): Suspicion[] {
  return text.split("\n").flatMap((line, i) => {
    const kind = kindOf(line);
    return kind ? [{ file, line: i + 1, kind }] : [];
  });
}
