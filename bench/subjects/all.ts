import { betterAuth } from "./better-auth.js";
import { floorFunction, floorHttp, floorPg } from "./floor.js";
import { latchkey, latchkeyFunction } from "./latchkey.js";
import { nest } from "./nest.js";
import type { Subject } from "./subject.js";

export const subjects: readonly Subject[] = [
  latchkey,
  floorHttp,
  latchkeyFunction,
  floorFunction,
  floorPg,
  betterAuth,
  nest,
];
