/** What package.json says of this package; a build has it inside. */
import manifest from '../../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
/** The range of Node's versions that run it. */
export const NODE_RANGE: string = manifest.engines.node;
