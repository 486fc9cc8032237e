// A TURN server of the pion family, to be tested against beside coturn: another reading of the same RFCs.
// Everything is a flag; ports are free ones, told in one JSON line on stdout; it ends with its standard input.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/pion/turn/v4"
)

// build is a fingerprint of the sources, set by the linker.
var build string

type options struct {
	ip, realm, secret     string
	users                 users
	quota                 int
	relayPort             uint
	forbidPeers           bool
	cert, key, clientRoot string
}

func main() {
	var o options
	version := flag.Bool("version", false, "print the fingerprint of the sources and end")
	flag.StringVar(&o.ip, "ip", "127.0.0.1", "address to listen on; relays are always on 127.0.0.1")
	flag.StringVar(&o.realm, "realm", "pion", "realm of the credentials")
	flag.Var(&o.users, "user", "long-term credential NAME:PASSWORD; repeated for more")
	flag.StringVar(&o.secret, "secret", "", "shared secret of short-lived credentials (TURN REST API), in place of users")
	flag.IntVar(&o.quota, "quota", 0, "allocations of one user; 0 is no limit")
	flag.UintVar(&o.relayPort, "relay-port", 0, "the only port that relays may have; 0 is any")
	flag.BoolVar(&o.forbidPeers, "forbid-peers", false, "grant no permission to any peer")
	flag.StringVar(&o.cert, "cert", "", "PEM file: also listen on TLS")
	flag.StringVar(&o.key, "key", "", "PEM file of the certificate's key")
	flag.StringVar(&o.clientRoot, "client-ca", "", "PEM file of the authority whose clients alone are let in over TLS")
	flag.Parse()
	if *version {
		fmt.Println(build)
		return
	}
	if err := serve(o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(o options) error {
	udp, tcp, err := listen(o.ip)
	if err != nil {
		return err
	}
	relays := o.relays()
	permit := func(net.Addr, net.IP) bool { return !o.forbidPeers }
	listeners := []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: relays, PermissionHandler: permit}}
	ports := map[string]int{"port": tcp.Addr().(*net.TCPAddr).Port}
	if o.cert != "" {
		secure, err := o.listenTLS()
		if err != nil {
			return err
		}
		listeners = append(listeners, turn.ListenerConfig{
			Listener: secure, RelayAddressGenerator: relays, PermissionHandler: permit,
		})
		ports["tlsPort"] = secure.Addr().(*net.TCPAddr).Port
	}
	ledger := newLedger(o.quota)
	server, err := turn.NewServer(turn.ServerConfig{
		Realm:        o.realm,
		AuthHandler:  o.authenticate(),
		QuotaHandler: ledger.admits,
		EventHandler: ledger.events(),
		PacketConnConfigs: []turn.PacketConnConfig{
			{PacketConn: udp, RelayAddressGenerator: relays, PermissionHandler: permit},
		},
		ListenerConfigs: listeners,
	})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(ports); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	return server.Close()
}

// listen takes one free port for UDP and TCP alike.
func listen(ip string) (net.PacketConn, net.Listener, error) {
	for range 20 {
		tcp, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
		if err != nil {
			return nil, nil, err
		}
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		if err == nil {
			return udp, tcp, nil
		}
		_ = tcp.Close()
	}
	return nil, nil, errors.New("no port is free for UDP and TCP alike")
}

func (o options) listenTLS() (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if o.clientRoot != "" {
		pem, err := os.ReadFile(o.clientRoot)
		if err != nil {
			return nil, err
		}
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AppendCertsFromPEM(pem)
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return tls.Listen("tcp", net.JoinHostPort(o.ip, "0"), config)
}

func (o options) relays() turn.RelayAddressGenerator {
	ip := net.IPv4(127, 0, 0, 1)
	if o.relayPort == 0 {
		return &turn.RelayAddressGeneratorStatic{RelayAddress: ip, Address: ip.String()}
	}
	port := uint16(o.relayPort)
	return &turn.RelayAddressGeneratorPortRange{
		RelayAddress: ip, Address: ip.String(), MinPort: port, MaxPort: port, MaxRetries: 1,
	}
}

func (o options) authenticate() turn.AuthHandler {
	if o.secret != "" {
		return turn.LongTermTURNRESTAuthHandler(o.secret, nil)
	}
	return func(username, realm string, _ net.Addr) ([]byte, bool) {
		password, known := o.users[username]
		return turn.GenerateAuthKey(username, realm, password), known
	}
}

// users are passwords by user name.
type users map[string]string

func (u *users) String() string { return "" }

func (u *users) Set(credential string) error {
	name, password, found := strings.Cut(credential, ":")
	if !found {
		return errors.New("expected NAME:PASSWORD")
	}
	if *u == nil {
		*u = users{}
	}
	(*u)[name] = password
	return nil
}
