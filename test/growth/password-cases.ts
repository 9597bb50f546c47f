import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { byOwnerOfMany, combine, type RequestChange, repeated } from "./request-changes.js";

const changePassword = operationById("changePassword");

/** Gives the owner of many rows the password of the seeded user who sends the request. */
const withSamePassword: RequestChange = async (request, { sql }) => {
  await sql(
    "update users set session_epoch = 0, password_hash = (select password_hash from users where id = $2) where id = $1",
    [await ownerOfMany(sql), request.person?.id],
  );
  return request;
};

export const passwordCases: readonly Case[] = [
  requestCase(changePassword, "repeated", repeated, { trips: 1 }),
  requestCase(changePassword, "of many", combine(withSamePassword, byOwnerOfMany)),
];
