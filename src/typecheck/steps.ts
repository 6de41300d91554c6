/** What is type checked, as plain data: the steps of lessons, with the names that each declares and uses. */
import type { Fence } from '../types.ts';

export interface TypedLesson {
  /** Absolute: its steps import from there. */
  path: string;
  /** For reports. */
  file: string;
  /** In the order of the page. */
  steps: TypedStep[];
}

export interface TypedStep {
  /** Of the step, for messages. */
  line: number;
  fence: Fence;
  /** False for JavaScript, and for code that is no module: nothing is said of it, and its names can be anything. */
  checked: boolean;
  declared: DeclaredName[];
  /** Names that it uses and does not declare. */
  used: UsedName[];
}

/** A name can be a value, a type, or both. */
export interface DeclaredName {
  name: string;
  value: boolean;
  type: boolean;
  /** Declared by `const` or `using`. */
  constant: boolean;
}

export interface UsedName {
  name: string;
  /** It means the value of that name; else the type. */
  value: boolean;
}
