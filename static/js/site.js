// Small helps; every page works without them.
(() => {
  // An error summary takes the focus, so that it is read out first.
  const summary = document.querySelector('[data-focus]')
  if (summary) summary.focus()

  // Following an error link focuses the control itself.
  document.querySelectorAll('.nhsuk-error-summary a[href^="#"]').forEach((link) => {
    link.addEventListener('click', (event) => {
      const control = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      if (!control) return
      event.preventDefault()
      const label = document.querySelector(`label[for="${CSS.escape(control.id)}"]`)
      const group = control.closest('fieldset')
      const top = (group && group.querySelector('legend')) || label || control
      top.scrollIntoView()
      control.focus({ preventScroll: true })
    })
  })

  // Show and hide a password.
  document.querySelectorAll('[data-shows]').forEach((button) => {
    const input = document.getElementById(button.dataset.shows)
    if (!input) return
    const set = (shown) => {
      input.type = shown ? 'text' : 'password'
      button.textContent = shown ? 'Hide' : 'Show'
      button.setAttribute('aria-label', shown ? 'Hide password' : 'Show password')
    }
    button.hidden = false
    button.addEventListener('click', () => set(input.type === 'password'))
    if (input.form) input.form.addEventListener('submit', () => set(false))
  })

  // Count characters down, and say so when the typing pauses.
  document.querySelectorAll('[data-count]').forEach((box) => {
    const message = document.getElementById(`${box.id}_count`)
    if (!message) return
    const spoken = document.createElement('div')
    spoken.className = 'nhsuk-u-visually-hidden'
    spoken.setAttribute('aria-live', 'polite')
    message.after(spoken)
    let timer
    const say = () => {
      const left = Number(box.dataset.count) - box.value.length
      const words = Math.abs(left) === 1 ? 'character' : 'characters'
      const text = left < 0 ? `You have ${-left} ${words} too many` : `You have ${left} ${words} remaining`
      message.textContent = text
      message.classList.toggle('nhsuk-error-message', left < 0)
      message.classList.toggle('nhsuk-hint', left >= 0)
      clearTimeout(timer)
      timer = setTimeout(() => { spoken.textContent = text }, 1000)
    }
    box.addEventListener('input', say)
    say()
  })

  // What needs a script is shown only where scripts run.
  document.querySelectorAll('[data-needs-script]').forEach((element) => { element.hidden = false })
})()
