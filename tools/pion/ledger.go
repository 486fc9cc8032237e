package main

import (
	"fmt"
	"net"
	"sync"

	"github.com/pion/turn/v4"
)

// ledger counts the allocations of each user, and tells on stdout how many are open after every change.
type ledger struct {
	lock  sync.Mutex
	quota int
	open  map[string]int
}

func newLedger(quota int) *ledger {
	return &ledger{quota: quota, open: map[string]int{}}
}

func (l *ledger) admits(username, _ string, _ net.Addr) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.quota == 0 || l.open[username] < l.quota
}

func (l *ledger) events() turn.EventHandler {
	return turn.EventHandler{
		OnAllocationCreated: func(_, _ net.Addr, _, username, _ string, _ net.Addr, _ int) { l.change(username, 1) },
		OnAllocationDeleted: func(_, _ net.Addr, _, username, _ string) { l.change(username, -1) },
	}
}

func (l *ledger) change(username string, by int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.open[username] += by
	total := 0
	for _, allocations := range l.open {
		total += allocations
	}
	fmt.Printf("{\"open\":%d}\n", total)
}
