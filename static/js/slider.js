// Slides a map through time: the page of the day is fetched, and all of it but the slider takes the place of ours.
(() => {
  const slider = document.getElementById('slider')
  if (!slider) return
  const slide = slider.querySelector('input')
  const says = slider.querySelector('#slide-says')
  const status = slider.querySelector('[role="status"]')
  const stops = [...slider.querySelectorAll('option')]
  const pause = 250 // milliseconds, so that a key held down asks for one page
  let waiting
  let asked = 0

  const address = (day) => {
    const url = new URL(window.location.href)
    url.searchParams.set('as_of', day)
    url.searchParams.delete('page')
    url.hash = ''
    return url
  }

  const put = (page) => {
    const main = page.querySelector('main')
    const focused = document.activeElement === slide
    const top = slider.getBoundingClientRect().top
    main.querySelector('#slider').replaceWith(slider)
    document.querySelector('main').replaceWith(main)
    main.querySelectorAll('[data-needs-script]').forEach((element) => { element.hidden = false })
    if (focused) slide.focus({ preventScroll: true })
    window.scrollBy(0, slider.getBoundingClientRect().top - top)
  }

  const show = async (stop) => {
    const mine = asked
    const url = address(stop.dataset.day)
    const answer = await fetch(url, { headers: { Accept: 'text/html' } }).catch(() => null)
    const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
    if (mine !== asked) return // another day was asked for meanwhile
    if (!page || !page.querySelector('main #slider')) { window.location.assign(url); return }
    put(page)
    document.title = page.title
    history.replaceState(null, '', url)
    setTimeout(() => { status.textContent = `The page shows ${stop.label}` })
  }

  const here = () => stops[Number(slide.value)]
  slide.addEventListener('input', () => {
    asked += 1
    says.textContent = here().label
    slide.setAttribute('aria-valuetext', here().label)
  })
  slide.addEventListener('change', () => { // when a mouse lets go, or at each key
    clearTimeout(waiting)
    waiting = setTimeout(() => show(here()), pause)
  })
})()
