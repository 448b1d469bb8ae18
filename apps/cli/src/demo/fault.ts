/** Something went otherwise than the demo says. */
export class DemoFault extends Error {
  override readonly name = 'DemoFault'
}
