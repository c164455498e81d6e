/** So many names are found at a glance; more are searched. */
export const GLANCE = 12
