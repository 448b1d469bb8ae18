/** Servers that tests may use, named by their environment; null where there is none. */
export const servers = {
  /** `kurrentdb://…`; a stand-in takes its place where there is none. */
  kurrentdb: process.env['KURRENTDB_URL'] || null,
  /** `host:port,host:port` */
  kafka: process.env['KAFKA_BROKERS'] || null,
  mongodb: process.env['MONGODB_URL'] || null,
  s3:
    process.env['S3_URL'] && process.env['S3_ACCESS_KEY_ID'] && process.env['S3_SECRET_ACCESS_KEY']
      ? {
          url: process.env['S3_URL'],
          accessKeyId: process.env['S3_ACCESS_KEY_ID'],
          secretAccessKey: process.env['S3_SECRET_ACCESS_KEY'],
        }
      : null,
} as const
