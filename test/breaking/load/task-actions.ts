import type { Action } from "./actions.js";

/** Lists stay short, so that a request costs the same at the end as at the beginning. */
const maxTasks = 20;

export const createTask: Action = async ({ client, state, random }, user) => {
  const json = { title: `Task ${random.between(0, 1e9)}` };
  const response = await client.send("POST", "/api/tasks", { json, token: user.token });
  if (response.status === 201) {
    state.confirmed.created.add(response.json.id);
    if (user.tasks.length < maxTasks) user.tasks.push(response.json.id);
  }
  return response;
};

export const changeTask: Action = (context, user) => {
  const id = user.tasks.shift();
  if (id === undefined) return createTask(context, user);
  const { client, state, random } = context;
  const json = { title: `Changed ${random.between(0, 1e9)}` };
  return client.send("PATCH", `/api/tasks/${id}`, { json, token: user.token }).then((response) => {
    if (response.status === 200) state.confirmed.versions.set(id, response.json.version);
    user.tasks.push(id);
    return response;
  });
};

export const deleteTask: Action = (context, user) => {
  const id = user.tasks.shift();
  if (id === undefined) return createTask(context, user);
  const { client, state } = context;
  return client.send("DELETE", `/api/tasks/${id}`, { token: user.token }).then((response) => {
    if (response.status === 200) state.confirmed.deleted.add(id);
    else state.confirmed.maybeDeleted.add(id);
    return response;
  });
};
