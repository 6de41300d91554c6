/** The real parts that tests use and a machine may lack. A test asks here whether to run, so that none is skipped in silence. */

export interface RealPart {
  /** As LOCKERROOM_REQUIRE names it. */
  name: string;
  /** What does not run without it. */
  skipped: string;
  advice: string;
  present: () => Promise<boolean>;
}

/** Each suite that needs more than a nats-server adds its part here. */
const PARTS: RealPart[] = [];

export async function missingParts(): Promise<RealPart[]> {
  const found = await Promise.all(PARTS.map(async (part) => ({ part, present: await part.present() })));
  return found.filter(({ present }) => !present).map(({ part }) => part);
}
