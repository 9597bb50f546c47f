/** People notice a wait from here on, so progress is shown. The same number is in styles/tokens.css. */
export const progressDelayMs = 300;
