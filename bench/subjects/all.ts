import { betterAuth } from "./better-auth.js";
import { floorFunction, floorHttp, floorPg } from "./floor.js";
import { latchkey, latchkeyFunction } from "./latchkey.js";
import { nest } from "./nest.js";
import type { Subject } from "./subject.js";

export const allSubjects: readonly Subject[] = [
  latchkey,
  floorHttp,
  latchkeyFunction,
  floorFunction,
  floorPg,
  betterAuth,
  nest,
];

/** A quick run compares with better-auth and the floor. Nest's bcrypt alone would take minutes. */
export const quickSubjects: readonly Subject[] = [
  latchkey,
  floorHttp,
  latchkeyFunction,
  floorFunction,
  betterAuth,
];
