// Slides a map through time: the page of the day is fetched, and its map, figures and table take the place of ours.
(() => {
  const find = () => ({
    slide: document.getElementById('slide'),
    says: document.getElementById('slide-says'),
    stops: [...document.querySelectorAll('#slide-stops option')],
  })
  let waiting
  let asked = 0

  const address = (day) => {
    const url = new URL(window.location.href)
    url.searchParams.set('as_of', day)
    url.searchParams.delete('page')
    url.hash = ''
    return url
  }

  const show = async (url, position) => {
    const mine = ++asked
    const answer = await fetch(url, { headers: { Accept: 'text/html' } })
    if (!answer.ok) { window.location.assign(url); return }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const main = page.querySelector('main')
    if (mine !== asked) return // a later day was asked for meanwhile
    if (!main || !page.getElementById('slide')) { window.location.assign(url); return }
    document.querySelector('main').replaceWith(main)
    document.title = page.title
    history.replaceState(null, '', url)
    document.querySelectorAll('[data-needs-script]').forEach((element) => { element.hidden = false })
    listen()
    const { slide } = find()
    slide.value = position
    slide.focus({ preventScroll: true })
  }

  const listen = () => {
    const { slide, says, stops } = find()
    if (!slide) return
    const stop = () => stops[Number(slide.value)]
    const speak = () => {
      says.textContent = stop().label
      slide.setAttribute('aria-valuetext', stop().label)
    }
    slide.setAttribute('aria-valuetext', says.textContent)
    slide.addEventListener('input', () => {
      speak()
      clearTimeout(waiting)
      waiting = setTimeout(() => show(address(stop().dataset.day), slide.value), 250)
    })
  }
  listen()
})()
