import type { EventChainName } from "../../../db/schema/event-chains.js";
import { adminChain } from "../../admin/queries/events.js";
import { securityChain } from "../../auth/queries/security-events.js";
import type { ChainedTable } from "./chain.js";

export const chainedTables: Record<EventChainName, ChainedTable> = {
  security: securityChain,
  admin: adminChain,
};
