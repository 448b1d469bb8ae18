/** Bytes that need not be in memory. */
export interface RandomAccess {
  readonly sizeBytes: number
  /** So many bytes from a place on; fewer only where they end. */
  read(position: number, length: number): Promise<Uint8Array>
}
