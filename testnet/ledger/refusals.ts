/** Why the door refuses, by name and in plain words. A code is the place in this list, plus 1: new ones are added at the end. */

export const doorRefusals = {
  oversize: "The command, its body or its evidence is larger than the door takes.",
  malformed: "These bytes are no signed command.",
  not_canonical: "The body is not written in the one form that may be signed: keys sorted, no spaces.",
  wrong_chain: "The command was signed for another chain.",
  forged: "The signature is not of this body by this key.",
  expired: "The command's time is over: sign it again.",
  expires_too_late: "A command may not be good for that long.",
  unknown_account: "This key has not joined: it opens an account first.",
  account_is_closed: "This key has left for good.",
  replayed: "This nonce, or a later one, was used already.",
  wrong_network: "This chain runs another network.",
  unknown_command: "There is no such command.",
  bad_row: "The row does not fit the command's columns.",
  not_allowed: "Only the chain's authority may ask this.",
  not_your_node: "The row speaks of a node that is not the signer's.",
  time_is_not_yours: "Times are the ledger's: leave them 0.",
  time_is_off: "The row's time is too far from the block's.",
  evidence_is_missing: "This command needs evidence with it.",
  evidence_is_another: "The evidence is not the one that was signed, or none is asked for.",
  evidence_is_invalid: "The evidence does not prove what the command says.",
  seed_is_not_drawn: "The window whose seed challenges this seal has not begun.",
  stake_is_spent: "The account's test stake does not cover it.",
  already_open: "This key has an account.",
  no_place_left: "Every place for a node is taken.",
  faucet_is_dry: "The faucet has given its share for this chain day.",
  flooding: "Too many commands from this key or address: wait and send fewer.",
  queue_is_full: "The ledger has more waiting than it can hold: try again later.",
  disk_is_full: "The ledger cannot write: nothing is taken up until it can.",
  ledger_is_closing: "The ledger is going down: ask another gateway.",
  not_yours_to_say: "On a live chain this column has one value, because nobody could check another.",
  name_is_taken: "Another site has this name.",
  window_is_over: "This window is not the one now open.",
  nothing_to_probe: "There is no such lease.",
  not_drawn: "This key is not among those drawn to look.",
  said_already: "This was said already, by this key.",
  tile_is_not_yours: "This tile was not given to this node, or was delivered.",
} as const
export type DoorRefusal = keyof typeof doorRefusals

const names = Object.keys(doorRefusals)
const CORE = 1000

/** The stable code of a refusal of the door, or of the network's own at `reasons`. */
export function codeOf(reason: string, reasons: readonly string[]): number {
  const door = names.indexOf(reason)
  return door >= 0 ? door + 1 : CORE + reasons.indexOf(reason)
}
