/** Node's names for systems and processors → those that Go and the releases have. */
import { endianness } from 'node:os';

export interface NodePlatform {
  platform: string;
  arch: string;
  /** Of the ARM instructions, as Node was built for them: 6, 7. */
  armVersion: string | undefined;
  isLittle: boolean;
}

/** As in `nats-server-v2.15.2-linux-arm7.tar.gz`; what is not known here is left as Node names it, and not in the list of any release. */
export function releasePlatform(here: NodePlatform = thisPlatform()): { os: string; arch: string } {
  const { platform, arch, armVersion, isLittle } = here;
  const arches: Record<string, string> = {
    x64: 'amd64',
    ia32: '386',
    // Releases are built for 6 and 7; what runs 6 runs everywhere.
    arm: Number(armVersion) >= 7 ? 'arm7' : 'arm6',
    ppc64: isLittle ? 'ppc64le' : 'ppc64',
    mips64el: 'mips64le',
  };
  return { os: platform === 'win32' ? 'windows' : platform, arch: arches[arch] ?? arch };
}

function thisPlatform(): NodePlatform {
  const { arm_version: armVersion } = process.config.variables as { arm_version?: string | number };
  return { platform: process.platform, arch: process.arch, armVersion: armVersion?.toString(), isLittle: endianness() === 'LE' };
}
