import { attachItem, detachItem } from './decisions/attachment.ts'
import { observeReach, receiveItem } from './decisions/delivery.ts'
import { eraseItem, quarantineItem } from './decisions/destruction.ts'
import { registerItem } from './decisions/registration.ts'

/** Everything that can be asked of an item. */
export const itemCommands = {
  ReceiveItem: receiveItem,
  RegisterItem: registerItem,
  ObserveReach: observeReach,
  AttachItem: attachItem,
  DetachItem: detachItem,
  EraseItem: eraseItem,
  QuarantineItem: quarantineItem,
}
