// Figures are compared as they are typed; without a script the button "Compare the figures" does the same.
(() => {
  const form = document.querySelector('[data-checked-at]')
  if (!form) return
  const spoken = document.getElementById('announcement-spoken')
  const loose = document.getElementById('loose')
  const COLOURS = { agrees: 'green', differs: 'orange', unread: 'grey' }
  let timer
  let asked = 0

  const show = (told) => {
    const row = form.querySelector(`[data-claim="${told.row}"]`)
    if (!row) return ''
    const tag = row.querySelector('[data-tag]')
    const said = row.querySelector('[data-said]')
    const why = row.querySelector('[data-why]')
    const changed = said.textContent !== told.sentence
    tag.hidden = told.state === 'empty'
    tag.textContent = told.label
    Object.values(COLOURS).forEach((colour) => tag.classList.remove(`nhsuk-tag--${colour}`))
    if (COLOURS[told.state]) tag.classList.add(`nhsuk-tag--${COLOURS[told.state]}`)
    said.textContent = told.sentence
    if (told.state === 'differs') why.open = true
    return changed && told.sentence ? `Claim ${told.row + 1}: ${told.sentence}` : ''
  }

  const compare = async () => {
    const turn = ++asked
    const answer = await fetch(form.dataset.checkedAt, { method: 'POST', body: new FormData(form) }).catch(() => null)
    if (!answer || !answer.ok || turn !== asked) return
    const told = await answer.json()
    const changes = told.claims.map(show).filter(Boolean)
    const sentences = told.loose.map((sentence) => {
      const item = document.createElement('li')
      item.textContent = sentence
      return item
    })
    const before = loose.textContent
    loose.replaceChildren(...sentences)
    const more = loose.textContent === before ? [] : told.loose
    if (changes.length || more.length) spoken.textContent = [...changes, ...more].join(' ')
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(compare, 600)
  })
})()
