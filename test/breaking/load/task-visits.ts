import type { Visit } from "./visits.js";

/** A visitor's list stays short, so that it costs the same at the end as at the beginning. */
const maxTasks = 20;

export const createTask: Visit = async ({ wire, crowd, random }, visitor) => {
  const json = { title: `Task ${random.between(0, 1e9)}` };
  const answer = await wire("POST", "/api/tasks", { json, token: visitor.token });
  if (answer.status === 201) {
    crowd.ledger.created.add(answer.json.id);
    if (visitor.tasks.length < maxTasks) visitor.tasks.push(answer.json.id);
  }
  return answer;
};

export const changeTask: Visit = (scene, visitor) => {
  const id = visitor.tasks.shift();
  if (id === undefined) return createTask(scene, visitor);
  const { wire, crowd, random } = scene;
  const json = { title: `Changed ${random.between(0, 1e9)}` };
  return wire("PATCH", `/api/tasks/${id}`, { json, token: visitor.token }).then((answer) => {
    if (answer.status === 200) crowd.ledger.versions.set(id, answer.json.version);
    visitor.tasks.push(id);
    return answer;
  });
};

export const deleteTask: Visit = (scene, visitor) => {
  const id = visitor.tasks.shift();
  if (id === undefined) return createTask(scene, visitor);
  const { wire, crowd } = scene;
  return wire("DELETE", `/api/tasks/${id}`, { token: visitor.token }).then((answer) => {
    if (answer.status === 204) crowd.ledger.deleted.add(id);
    else crowd.ledger.unsure.add(id);
    return answer;
  });
};
