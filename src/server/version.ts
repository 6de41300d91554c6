/** The programs that are found or installed, and the one place where their versions are pinned. */

export interface Program {
  /** The command; also the file's name inside the release's archive. */
  name: string;
  /** The version that is installed. */
  version: string;
  /** The versions that suit this package. */
  range: string;
  /** The variable that names the program's file. */
  pathVariable: string;
  /** Reads the version out of what `--version` prints. */
  versionPattern: RegExp;
  /** Where releases stand: `DOWNLOADS/vVERSION/ARCHIVE` and `DOWNLOADS/vVERSION/SHA256SUMS`. */
  downloads: string;
  /** The variable that names a mirror of `downloads`. */
  downloadsVariable: string;
  /** The archive for a platform, in Go's names for systems and processors: `….tar.gz` or `….zip`. */
  archive(version: string, os: string, arch: string): string;
  /** What `go install` takes, without `@vVERSION`. */
  goPackage: string;
  /** Where a reader gets it by hand. */
  pages: string;
}

export const NATS_SERVER: Program = {
  name: 'nats-server',
  version: '2.15.2',
  range: '>=2.10',
  pathVariable: 'LOCKERROOM_NATS_SERVER',
  versionPattern: /^nats-server: v?(\d+\.\d+\.\d+\S*)$/,
  downloads: 'https://github.com/nats-io/nats-server/releases/download',
  downloadsVariable: 'LOCKERROOM_NATS_DOWNLOADS',
  archive: (version, os, arch) => `nats-server-v${version}-${os}-${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`,
  goPackage: 'github.com/nats-io/nats-server/v2',
  pages: 'https://github.com/nats-io/nats-server/releases, Homebrew (brew install nats-server) or the package nats-server of your system',
};

/** The newest patch of each minor version when this package was released: what `2.10` means where no list of versions can be read. */
export const NEWEST_PATCHES: readonly string[] = ['2.10.27', '2.11.17', '2.12.15', '2.14.9', '2.15.2'];

/** The command line client. `go install` tells its version as a release does; one built from a checkout may print `development`, and does not suit. */
export const NATS: Program = {
  name: 'nats',
  version: '0.5.1',
  range: '>=0.4',
  pathVariable: 'LOCKERROOM_NATS',
  versionPattern: /^v?(\d+\.\d+\.\d+\S*)$/,
  downloads: 'https://github.com/nats-io/natscli/releases/download',
  downloadsVariable: 'LOCKERROOM_NATS_CLI_DOWNLOADS',
  archive: (version, os, arch) => `nats-${version}-${os}-${arch}.zip`,
  goPackage: 'github.com/nats-io/natscli/nats',
  pages: 'https://github.com/nats-io/natscli/releases or Homebrew (brew install nats-io/nats-tools/nats)',
};
