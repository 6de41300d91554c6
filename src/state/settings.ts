/** A stream's configuration → the settings of the bucket that it is. */
import type { StreamConfig, StreamSource } from '@nats-io/jetstream';
import { canonicalSettings } from '../document/settings.ts';
import type { Json, Settings } from '../types.ts';
import { bucketOf } from './listing.ts';

/** The settings that are not at their default, in the state document's canonical form. */
export function settingsOf(config: StreamConfig): Settings {
  return canonicalSettings({
    description: config.description,
    history: config.max_msgs_per_subject,
    ttl: milliseconds(config.max_age),
    markerTtl: milliseconds(config.subject_delete_marker_ttl),
    storage: config.storage,
    replicas: config.num_replicas,
    compression: config.compression !== undefined && config.compression !== 'none',
    maxBytes: config.max_bytes,
    maxValueSize: config.max_msg_size,
    mirror: config.mirror && bucketName(config.mirror),
    sources: config.sources?.map(bucketName),
    metadata: config.metadata,
    republish: config.republish && republish(config.republish),
    placement: config.placement && placement(config.placement),
  });
}

function milliseconds(nanoseconds: number | undefined): number {
  return (nanoseconds ?? 0) / 1e6;
}

/** A stream that is no bucket keeps its own name. */
function bucketName({ name }: StreamSource): string {
  return bucketOf(name) ?? name;
}

function republish({ src, dest, headers_only }: NonNullable<StreamConfig['republish']>): Json {
  return { src: src ?? '', dest, headersOnly: headers_only === true };
}

function placement({ cluster, tags }: NonNullable<StreamConfig['placement']>): Json {
  return { cluster: cluster ?? '', tags: tags ?? [] };
}
