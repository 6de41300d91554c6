/** Packages that may be loaded before the step that imports them: they neither print nor look at the environment. */
export const HARMLESS = /^@nats-io\//;
