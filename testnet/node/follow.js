/**
 * Keeps the node's page current without loading it anew: asks for its main part every three seconds, and touches only what changed, so
 * that whoever stands somewhere on it, by keyboard or by screen reader, stays there.
 */
const EVERY_MS = 3000
const main = document.querySelector("main")

/** Makes `old` say what `fresh` says; elements that are the same stay the same. */
function follow(old, fresh) {
  if (old.className !== fresh.className) old.className = fresh.className
  if (old.localName === "ol") return followList(old, fresh)
  const before = [...old.childNodes]
  const after = [...fresh.childNodes]
  const isAlike = before.length === after.length && before.every((node, i) => node.nodeName === after[i].nodeName)
  if (!isAlike) return old.replaceChildren(...after)
  before.forEach((node, i) => {
    if (node.nodeType === 1) follow(node, after[i])
    else if (node.nodeValue !== after[i].nodeValue) node.nodeValue = after[i].nodeValue
  })
}

/** New lines come in front, and the oldest go; the others are not touched. */
function followList(old, fresh) {
  const after = [...fresh.children]
  const [was, is] = [old, fresh].map((list) => [...list.children].map((line) => line.textContent))
  let added = 0
  while (added < is.length && !is.slice(added).every((text, i) => i >= was.length || text === was[i])) added++
  old.prepend(...after.slice(0, added))
  while (old.children.length > is.length) old.lastElementChild.remove()
  if (old.children.length < is.length) old.append(...after.slice(old.children.length))
}

async function look() {
  const state = document.getElementById("state")
  try {
    const answer = await fetch("/main", { cache: "no-store" })
    if (!answer.ok) throw new Error(String(answer.status))
    const fresh = document.createElement("main")
    fresh.innerHTML = await answer.text()
    follow(main, fresh)
  } catch {
    state.className = "bad"
    state.textContent = "Your node does not answer: it has stopped, or this computer slept. What is below is as it was then."
  }
}

setInterval(look, EVERY_MS)
