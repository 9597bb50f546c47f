export { curlCommand } from "./curl.js";
export type { OpenApiDocument } from "./document/openapi.js";
export { fuzz, type OperationReport, type Report } from "./fuzz.js";
export { GenerationError } from "./generation-error.js";
export type { Callers, CredentialRequest, ErrorCodes, FuzzOptions, ResponseView } from "./options.js";
export { formatFinding, formatSummary, formatWarning } from "./report.js";
export type { Check } from "./response/checks.js";
export {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type HttpRequest,
  type HttpResponse,
} from "./run/connection.js";
export type { ReportedFinding } from "./search.js";
export type { Warning } from "./warnings.js";
