package metrics

import "github.com/prometheus/client_golang/prometheus"

// Voice is what is known of those who talk. The totals only grow.
type Voice struct {
	Rooms, People, Speaking  int
	Jitter                   float64 // seconds, the largest of somebody's
	Calls                    int64
	PacketsIn, BytesIn       int64
	PacketsOut, BytesOut     int64
	LostIn, LostOut          int64
	Excess, Withheld         int64
	Relays                   int
	RelayPackets, RelayBytes int64
}

// voice collects that at each scrape.
type voice struct {
	sample func() Voice
	about  map[string]*prometheus.Desc
}

// voiceMetrics are name and help; what ends in _total is a counter.
var voiceMetrics = []struct{ name, help string }{
	{"voice_rooms", "Rooms whose voice is on this node and in which somebody is."},
	{"voice_people", "People who are in voice on this node."},
	{"voice_speaking", "Those of them who speak at the moment."},
	{"voice_jitter_seconds", "How unevenly packets come: the largest of anybody's, as RFC 3550 counts it."},
	{"voice_relays", "Connections by the relay (TURN) of this node."},
	{"voice_calls_total", "Calls that were begun."},
	{"voice_packets_in_total", "Packets that came from microphones."},
	{"voice_bytes_in_total", "Bytes of sound in them."},
	{"voice_packets_out_total", "Packets that were passed on."},
	{"voice_bytes_out_total", "Bytes of those."},
	{"voice_packets_lost_in_total", "Packets that did not come, as the numbers of those that did tell."},
	{"voice_packets_lost_out_total", "Packets that did not reach listeners, as they report."},
	{"voice_packets_excess_total", "Packets beyond what one person may send; they are thrown away."},
	{"voice_packets_withheld_total", "Packets of people who are muted; nobody gets them."},
	{"voice_relay_packets_total", "Packets that the relay has passed on, both ways."},
	{"voice_relay_bytes_total", "Bytes of those."},
}

// AddVoice adds the metrics of voice.
func (m *Metrics) AddVoice(sample func() Voice) {
	v := &voice{sample: sample, about: map[string]*prometheus.Desc{}}
	for _, d := range voiceMetrics {
		v.about[d.name] = prometheus.NewDesc(namespace+"_"+d.name, d.help, nil, nil)
	}
	m.registry.MustRegister(v)
}

// Describe implements prometheus.Collector.
func (v *voice) Describe(to chan<- *prometheus.Desc) {
	for _, d := range v.about {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (v *voice) Collect(to chan<- prometheus.Metric) {
	s := v.sample()
	tell := func(kind prometheus.ValueType, name string, n float64) {
		to <- prometheus.MustNewConstMetric(v.about[name], kind, n)
	}
	gauge := func(name string, n float64) { tell(prometheus.GaugeValue, name, n) }
	counter := func(name string, n int64) { tell(prometheus.CounterValue, name, float64(n)) }
	gauge("voice_rooms", float64(s.Rooms))
	gauge("voice_people", float64(s.People))
	gauge("voice_speaking", float64(s.Speaking))
	gauge("voice_jitter_seconds", s.Jitter)
	gauge("voice_relays", float64(s.Relays))
	counter("voice_calls_total", s.Calls)
	counter("voice_packets_in_total", s.PacketsIn)
	counter("voice_bytes_in_total", s.BytesIn)
	counter("voice_packets_out_total", s.PacketsOut)
	counter("voice_bytes_out_total", s.BytesOut)
	counter("voice_packets_lost_in_total", s.LostIn)
	counter("voice_packets_lost_out_total", s.LostOut)
	counter("voice_packets_excess_total", s.Excess)
	counter("voice_packets_withheld_total", s.Withheld)
	counter("voice_relay_packets_total", s.RelayPackets)
	counter("voice_relay_bytes_total", s.RelayBytes)
}
