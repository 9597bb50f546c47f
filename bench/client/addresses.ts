let count = 0;

/** Returns a loopback address that no caller has used yet, because rate limits count by address. */
export function nextAddress(): string {
  count += 1;
  return `127.${1 + (Math.floor(count / 62_500) % 250)}.${1 + (Math.floor(count / 250) % 250)}.${1 + (count % 250)}`;
}
