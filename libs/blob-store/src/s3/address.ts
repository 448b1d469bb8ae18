import { tmpdir } from 'node:os'
import { BlobStoreError } from '../errors.ts'

/** Where files lie in an S3 store, as an address says it: `s3://bucket/prefix?endpoint=http://host:port&region=…`. */
export interface S3Place {
  bucket: string
  /** What every key begins with: empty, or with a slash at its end. */
  prefix: string
  /** Null for Amazon's own. */
  endpoint: string | null
  /** Null where the environment says it. */
  region: string | null
  /** `http://host/bucket/key` rather than `http://bucket.host/key`. */
  isPathStyle: boolean
  /** The local folder in which a file waits, sealed, until all of it is there. */
  draftsFolder: string
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^([A-Za-z0-9_-]+\/)*$/
const PARAMETERS = new Set(['endpoint', 'region', 'pathStyle', 'drafts'])

/** Null where it is no address of S3. Throws `BLOB_STORE_ADDRESS_INVALID`, never repeating what could be a password. */
export function s3PlaceOf(address: string): S3Place | null {
  if (!address.startsWith('s3:')) return null
  const url = urlOf(address, 'the address')
  const bucket = url.hostname
  const prefix = url.pathname.replace(/^\/|\/$/g, '').replace(/(.)$/, '$1/')
  if (!BUCKET.test(bucket)) throw invalid('after s3:// stands the name of a bucket, in lower case')
  if (!PREFIX.test(prefix)) throw invalid('a prefix has letters, digits, "-" and "_", parted by slashes')
  for (const name of url.searchParams.keys()) {
    if (!PARAMETERS.has(name)) throw invalid(`there is no parameter "${name}"; there are ${[...PARAMETERS].join(', ')}`)
  }
  const given = (name: string) => url.searchParams.get(name) || null
  const endpoint = given('endpoint')
  if (endpoint !== null && !/^https?:$/.test(urlOf(endpoint, 'endpoint').protocol)) {
    throw invalid('endpoint begins with http:// or https://')
  }
  const pathStyle = given('pathStyle') ?? 'false'
  if (pathStyle !== 'true' && pathStyle !== 'false') throw invalid('pathStyle is true or false')
  return {
    bucket,
    prefix,
    endpoint,
    // Whoever serves S3 by itself seldom has regions, and then takes this one.
    region: given('region') ?? (endpoint === null ? null : 'us-east-1'),
    isPathStyle: pathStyle === 'true',
    draftsFolder: given('drafts') ?? tmpdir(),
  }
}

function urlOf(text: string, what: string): URL {
  const url = URL.parse(text)
  if (url === null) throw invalid(`${what} is no URL`)
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      `${what} holds a name or a password; addresses are written down and shown. Give them as S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY`,
    )
  }
  return url
}

function invalid(what: string): BlobStoreError {
  return new BlobStoreError(
    'BLOB_STORE_ADDRESS_INVALID',
    `The address of the S3 store cannot be used: ${what}. Write s3://BUCKET/PREFIX?endpoint=URL&region=REGION&pathStyle=true.`,
  )
}
