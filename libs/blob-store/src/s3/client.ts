import type { S3 } from '@aws-sdk/client-s3'
import type { S3Place } from './address.ts'

const ATTEMPTS_MAX = 4
const CONNECT_MS_MAX = 5_000
/** For one part of a file, there and back. */
const REQUEST_MS_MAX = 60_000
const IDLE_MS_MAX = 30_000
const CONNECTIONS_MAX = 64

/**
 * A client with a bound on everything that it waits for. Who asks stands in `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`,
 * or where the SDK looks for it.
 */
export async function connectToS3(
  { endpoint, region, isPathStyle }: S3Place,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<S3> {
  // Loaded only where it is used: it takes a tenth of a second and 40 MB.
  const { S3 } = await import('@aws-sdk/client-s3')
  const accessKeyId = environment['S3_ACCESS_KEY_ID']
  const secretAccessKey = environment['S3_SECRET_ACCESS_KEY']
  return new S3({
    ...(endpoint !== null && { endpoint }),
    ...(region !== null && { region }),
    forcePathStyle: isPathStyle,
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_MS_MAX,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
    },
  })
}
