import fc from "fast-check";
import { expect } from "vitest";
import { step } from "./command.js";
import { endSessions, type World } from "./world.js";

const patch = ({ admin, account }: World, change: object) =>
  admin.client.patch(`/api/admin/users/${account?.id}`, change, { token: admin.token });

const ban = step("ban", {
  when: ({ account }) => account?.isBanned === false,
  async run(world) {
    expect((await patch(world, { banned: true })).status).toBe(200);
    if (world.account) world.account.isBanned = true;
    endSessions(world);
    world.notices.push("banned");
  },
});

const unban = step("lift the ban", {
  when: ({ account }) => account?.isBanned === true,
  async run(world) {
    expect((await patch(world, { banned: false })).status).toBe(200);
    if (world.account) world.account.isBanned = false;
    world.notices.push("unbanned");
  },
});

export const adminSteps = [ban, unban, unban].map((one) => fc.constant(one));
