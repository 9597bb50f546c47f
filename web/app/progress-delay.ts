/** Longer waits are noticeable, so the page shows progress. styles/tokens.css repeats the number. */
export const progressDelayMs = 300;
