/** A phrase that plain English does not need, and what to write instead. */
export type BannedPhrase = { pattern: RegExp; instead: string };

/** The rules that a search can enforce, in comments, test titles, messages, pages and documents alike. */
export const bannedPhrases: readonly BannedPhrase[] = [
  { pattern: /\banew\b/i, instead: "again" },
  { pattern: /\bmeanwhile\b/i, instead: "in the meantime" },
  { pattern: /\bunder way\b/i, instead: "in progress, pending, in flight" },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: "fix" },
  { pattern: /\b(?:writ(?:e|es|ing|ten)|wrote) (?:\w+ )?down\b/i, instead: "record" },
  { pattern: /\bof (?:ours|theirs|yours|(?:its|their|our) own|his|hers)\b/i, instead: "our, its own" },
  { pattern: /\bso many\b/i, instead: "the number" },
  { pattern: /\bat once\b/i, instead: "immediately, or concurrently" },
  { pattern: /\b(?:whom|whoever|whomever)\b/i, instead: "the actor" },
  { pattern: /\blest\b/i, instead: "so that … does not" },
  { pattern: /\bburn(?:s|ed)? none\b/i, instead: "cannot use up" },
  {
    pattern:
      /[,;:] else\b|\bor else\b|\belse (?:it|they|the|an?|by|would|will|is|are|there|from)\b|\b(?:nothing|all|anything|everything|somebody|someone|anybody|nobody|what|who) else\b/i,
    instead: "otherwise, or, other",
  },
  { pattern: /(?<!there )\b(?:is|are|was|were) no\b(?! longer| more\b)/i, instead: "is not a, there is no" },
  { pattern: /(?<![-:=`"'])\bnone\b(?![;`"'])/, instead: "no, without, not any" },
  { pattern: /\bnothing of\b/i, instead: "does not … any" },
  {
    pattern: /(?:^|[.;:(]\s+)(?:Who|Whatever|What)\b(?![^.?]*\?)/,
    instead: "Callers that …, the value that …",
  },
  {
    pattern:
      /\b(?:for|to|by|of|from|with|than|and) (?:what|who) (?:is|are|has|have|was|were|does|comes|goes)\b/i,
    instead: "the value that …",
  },
  { pattern: /\bsomebody\b/i, instead: "someone, another user, another client" },
  { pattern: /\be-mails?\b/i, instead: "email" },
  {
    pattern:
      /\b(?:an?|the|this|that|one|each|every|no|any|which|first|last|same|confirmation|your) mails?\b/i,
    instead: "email",
  },
  { pattern: /\blog(?:s|ged|ging)? (?:in|out)\b/i, instead: "sign in, sign out" },
  { pattern: /\badministrators?\b/i, instead: "admin" },
];
