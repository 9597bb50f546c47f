import type { AdminUser } from "./use-users.js";

export function UserTags({ user }: { user: AdminUser }) {
  return (
    <p class="tags">
      {user.role === "admin" && <span class="tag accent">Admin</span>}
      {user.bannedAt && <span class="tag error">Banned</span>}
      {user.closedAt && <span class="tag">Closed</span>}
    </p>
  );
}
