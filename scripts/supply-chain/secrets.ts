/** Something in a file that looks like a secret. The secret itself is not repeated. */
export type Suspicion = { file: string; line: number; kind: string };

/** Secrets whose kind can be seen: of the services that Latchkey talks to, and of those a developer has at hand. */
const known: Record<string, RegExp> = {
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a Resend key": /\bre_[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,}/,
  "a Neon password": /\bnpg_[A-Za-z0-9]{10,}/,
  "a Neon API key": /\bnapi_[A-Za-z0-9]{40,}/,
  "a Vercel token": /\bvc[a-z]_[A-Za-z0-9]{24,}/,
  "a GitHub token": /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/,
  "an npm token": /\bnpm_[A-Za-z0-9]{36}\b/,
  "an AWS key": /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a JWT": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  "a password of a database in the cloud":
    /postgres(?:ql)?:\/\/[^\s:@/]+:(?!password@|\$\{)[^\s:@/]{6,}@[\w.-]+\.neon\.tech/,
};

/** A checksum of a package is public, and is all that a lockfile consists of. */
const publicRandomness = /"integrity": "sha512-[A-Za-z0-9+/=]+"/g;
const candidates = /[A-Za-z0-9+/_-]{32,}={0,2}/g;

/** How the examples of the document begin, which show what a key or a token looks like. */
const examples = ["AZqvM0x2cYi_", "eyJhbGciOiJFZERTQSIsInR5cCI6", "11qYAYKxCrfVS_", "kPrK_qmxVWaYVA"];

// Of 20,000 random texts of 43 characters in base64url, 20 lie below; of this repository's other texts, none above.
const randomBits = 4.42;

/** Shannon entropy, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return shares.reduce((bits, share) => bits - share * Math.log2(share), 0);
}

const isRandom = (text: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) &&
  entropy(text) >= randomBits &&
  !examples.some((beginning) => text.startsWith(beginning));

function kindOf(line: string): string | undefined {
  for (const [kind, pattern] of Object.entries(known)) if (pattern.test(line)) return kind;
  const texts = line.replace(publicRandomness, "").match(candidates) ?? [];
  return texts.some(isRandom) ? "a random text, as keys are" : undefined;
}

/** Every line of a file that holds what should stay secret. */
export function findSecrets(file: string, text: string): Suspicion[] {
  return text.split("\n").flatMap((line, i) => {
    const kind = kindOf(line);
    return kind ? [{ file, line: i + 1, kind }] : [];
  });
}
