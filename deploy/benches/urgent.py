"""Urgent mail: from the inbox to the first and the last acceptance, while bulk mail is under way."""
from rig.stage import Stage, teachers_mail

LATENCY = 20  # milliseconds before each SMTP answer
ROUND_TRIPS = 4  # MAIL, RCPT, DATA and the message
BULK = 5000
TEXT = 'De school is dicht: de verwarming is stuk. Haal uw kind op bij de gymzaal. '


def measure(readers, connections):
    with Stage(BULK, latency=LATENCY, connections=connections, group=readers) as stage:
        stage.school.publish('nieuws', 'Naar het bos', 'Morgen gaan we naar het bos. ' * 100)
        stage.serve()
        stage.wait_for(lambda: stage.sink.count() > 100, 'no news was sent')
        put = stage.inbox.put(teachers_mail('spoed.klas0', 'School dicht', TEXT))
        urgent = []

        def all_went():
            urgent[:] = [at for at, *_, name in stage.sink.accepted() if name.startswith('spoed')]
            return len(urgent) >= readers

        stage.wait_for(all_went, 'the urgent mail was not sent', pause=0.25)
        news = [at for at, *_, name in stage.sink.accepted() if name.startswith('nieuws')]
        if len(news) >= BULK:
            raise SystemExit('the news was all sent meanwhile: this measured nothing')
        between = sum(1 for at in news if urgent[0] < at < urgent[-1])
        print(f'urgent mail to {readers} parents, {connections} connections, {LATENCY} ms an answer, {BULK - len(news)} of {BULK} news waiting: '
              f'first accepted after {urgent[0] - put:.2f} s, last after {urgent[-1] - put:.1f} s '
              f'(round trips alone make {readers * ROUND_TRIPS * LATENCY / 1000 / connections:.1f} s); '
              f'{between} news went in between; {stage.school.memory()} MB', flush=True)


def run(_):
    measure(1000, 8)
    measure(5000, 16)
