/** The public repository. Change it in a fork. */
export const repository = "https://github.com/your-name/latchkey";
