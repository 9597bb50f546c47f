import { seedPreviousAddress, seedUser } from "../stack/seed.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { existingUser, type RequestChange, repeated, withJson } from "./request-changes.js";

const takenEmail = withJson(async (stack) => ({ email: (await existingUser(stack)).email }));

const reservedEmail = withJson(async (stack) => {
  const { id, email } = await seedUser(stack);
  await seedPreviousAddress(stack, id, email);
  return { email };
});

/** The account has changed its address, so there is one to restore. */
const afterChange: RequestChange = async (request, stack) => {
  await stack.sql(
    `insert into email_changes (id, user_id, from_email, from_email_key, from_tags, to_email)
     select gen_random_uuid(), id, 'x' || email, 'x' || email_key, '{}', email from users
      where id = (select user_id from outbox where kind = 'new-device' order by created_at desc limit 1)`,
  );
  return request;
};

/** One case for each path through the statements of a changed address. */
export const addressCases: readonly Case[] = [
  requestCase(operationById("changeEmail"), "a taken email", takenEmail),
  requestCase(operationById("changeEmail"), "a reserved email", reservedEmail),
  requestCase(operationById("confirmNewEmail"), "repeated", repeated),
  requestCase(operationById("notMe"), "with a changed address", afterChange),
  requestCase(operationById("notMe"), "repeated", repeated),
  requestCase(operationById("register"), "a reserved email", reservedEmail),
];
