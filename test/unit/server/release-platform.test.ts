/** Every platform for which releases of nats-server and of the `nats` CLI are made, by the archive's name. */
import { expect, test } from 'vitest';
import { type NodePlatform, releasePlatform } from '../../../src/server/release-platform.ts';
import { NATS, NATS_SERVER } from '../../../src/server/version.ts';

test.each<[node: string, more: Partial<NodePlatform>, release: string]>([
  ['linux x64', {}, 'linux-amd64'],
  ['linux arm64', {}, 'linux-arm64'],
  ['linux arm', { armVersion: '6' }, 'linux-arm6'],
  ['linux arm', { armVersion: '7' }, 'linux-arm7'],
  ['linux arm', {}, 'linux-arm6'],
  ['linux ia32', {}, 'linux-386'],
  ['linux loong64', {}, 'linux-loong64'],
  ['linux mips64el', {}, 'linux-mips64le'],
  ['linux s390x', {}, 'linux-s390x'],
  ['linux ppc64', {}, 'linux-ppc64le'],
  ['linux riscv64', {}, 'linux-riscv64'],
  ['darwin x64', {}, 'darwin-amd64'],
  ['darwin arm64', {}, 'darwin-arm64'],
  ['freebsd x64', {}, 'freebsd-amd64'],
  ['win32 x64', {}, 'windows-amd64'],
  ['win32 arm64', {}, 'windows-arm64'],
  ['win32 ia32', {}, 'windows-386'],
])('Node on %s %j takes the release for %s', (node, more, release) => {
  const [platform = '', arch = ''] = node.split(' ');
  const { os, arch: goArch } = releasePlatform({ platform, arch, armVersion: undefined, isLittle: true, ...more });
  const kind = os === 'windows' ? 'zip' : 'tar.gz';
  expect(NATS_SERVER.archive('2.15.2', os, goArch)).toBe(`nats-server-v2.15.2-${release}.${kind}`);
  expect(NATS.archive('0.5.1', os, goArch)).toBe(`nats-0.5.1-${release}.zip`);
});

test('this platform is one of them', () => {
  const { os, arch } = releasePlatform();
  expect(`${os}-${arch}`).toMatch(/^(?:linux|darwin)-(?:amd64|arm64|arm[67]|386|loong64|s390x|ppc64le|riscv64)$/);
});
