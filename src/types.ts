/** What the parts of Locker Room hand to each other: plain data and four interfaces. Read this first, file by file in this order. */

export type * from './types/lesson.ts';
export type * from './types/page.ts';
export type * from './types/report.ts';
export type * from './types/running.ts';
export type * from './types/state.ts';
