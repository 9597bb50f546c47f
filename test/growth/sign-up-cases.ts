import { seedRegistration, seedUser } from "../stack/seed.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import {
  combine,
  existingUser,
  type RequestChange,
  repeated,
  withHeader,
  withJson,
} from "./request-changes.js";

const knownEmail = withJson(async (stack) => ({ email: (await existingUser(stack)).email }));
const unknownEmail = withJson(async () => ({ email: "nobody@example.org" }));
const unconfirmedEmail = withJson(async (stack) => ({ email: (await seedRegistration(stack)).email }));

const typedPassword = withJson(async () => ({ registration: undefined, password: "correct horse battery" }));

/** Opens the link of a sign-up for the address of an account, and types the password of that account. */
const passwordOfAccount: RequestChange = async (request, stack) => {
  const { email, password } = await seedUser(stack);
  const { token } = await seedRegistration(stack, { email });
  return { ...request, options: { ...request.options, json: { token, password } } };
};

const keyed = withHeader("idempotency-key", "a-key");

/** One case for each path through the statements of sign-up, confirmation and reset. */
export const signUpCases: readonly Case[] = [
  requestCase(operationById("register"), "a known email", knownEmail),
  requestCase(operationById("register"), "repeated with its key", combine(keyed, repeated)),
  requestCase(operationById("verifyEmail"), "in the same browser", undefined, { trips: 1 }),
  requestCase(operationById("verifyEmail"), "repeated", repeated, { trips: 1 }),
  requestCase(operationById("verifyEmail"), "a typed password", typedPassword, { trips: 1 }),
  requestCase(operationById("verifyEmail"), "the password of an account", passwordOfAccount),
  requestCase(operationById("resendVerification"), "a known email", knownEmail),
  requestCase(operationById("resendVerification"), "an unknown email", unknownEmail),
  requestCase(operationById("forgotPassword"), "an unconfirmed email", unconfirmedEmail),
  requestCase(operationById("forgotPassword"), "an unknown email", unknownEmail),
  requestCase(operationById("resetPassword"), "repeated", repeated),
];
