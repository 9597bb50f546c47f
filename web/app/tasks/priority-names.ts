/** By the number that the API uses. */
export const priorityNames = ["No priority", "Low priority", "High priority", "Urgent"];
