// The simulator recomputes as ticks change. Without this its button does.
(() => {
  const form = document.querySelector('[data-simulator]')
  if (!form) return
  const results = document.getElementById('simulator-results')
  const total = document.getElementById('simulator-total')
  let timer
  let asked

  const show = (text) => {
    const found = new DOMParser().parseFromString(text, 'text/html').getElementById('simulated')
    // What a person has opened stays open.
    results.querySelectorAll('details[open]').forEach((before) => {
      const after = found.querySelector(`#${before.id}`)
      if (after) after.open = true
    })
    results.replaceChildren(found)
    total.textContent = found.dataset.total
  }

  const look = async () => {
    if (asked) asked.abort()
    asked = new AbortController()
    const ticks = new FormData(form)
    ticks.set('do', 'look')
    try {
      const answer = await fetch(form.action, { method: 'POST', body: ticks, signal: asked.signal })
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText)
      show(await answer.text())
    } catch (error) {
      if (error.name !== 'AbortError') total.textContent = 'The figures could not be recomputed. Use the button instead.'
    }
  }

  form.addEventListener('change', (event) => {
    if (event.target.type !== 'checkbox') return
    clearTimeout(timer)
    timer = setTimeout(look, 200)
  })
})()
