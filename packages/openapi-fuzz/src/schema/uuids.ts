export const badUuids = [
  "1",
  "null",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b2",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b211",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b2g",
  "x".repeat(36),
  "019aaf3e_7c5b_7d7a_9a53_0f6a1f6f3b21",
  "\0",
  "🙂",
  "'; select 1 --",
  "{019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21}",
];
