/** Owners are lower case words and ids, such as `item-{uuid}`. */
export const OWNER = /^[a-z]+-[0-9a-z-]{1,100}$/
export const BLOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
