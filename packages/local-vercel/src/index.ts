export { isLoopbackHost } from "./loopback-host.js";
export {
  type LocalVercel,
  type LocalVercelOptions,
  startLocalVercel,
  vercelSettings,
} from "./start-local-vercel.js";
