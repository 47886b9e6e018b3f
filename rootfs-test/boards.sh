# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
#
# The boards: which kernel each runs, on which machine QEMU makes for it, and
# what its root file system is. Sourced; `board NAME` sets
#
#	board		its name
#	arch		runt's architecture: build/<arch>/runt runs on it
#	debarch		Debian's, of the kernel
#	suites		the newest kernel of these is taken
#	package		the package that names it
#	dtb		the device tree that QEMU needs to be told, if any
#	qemu		the emulator; qemu_package has it
#	machine		its arguments: machine, processor, memory
#	console		the kernel's name of the serial port
#	append		more for the kernel's command line
#	root		initramfs, ext4 or squashfs: what / is (see make-image)
#	disk		the device that is a disk; empty when it can't have one
#
# 5.10 is the oldest kernel runt runs on and must stay among them, and so must
# the newest that Debian has. One processor is enough for most: the emulator has
# one thread, see tests/board/boot.

boards="x86_64 aarch64 arm armv6 riscv64"

board() {
	board=$1 dtb='' append='' disk=virtio-blk-device root=initramfs
	case $1 in
	x86_64)
		arch=x86_64 debarch=amd64
		suites="sid trixie-backports"
		package=linux-image-cloud-amd64
		qemu=qemu-system-x86_64 qemu_package=qemu-system-x86
		machine="-M q35 -cpu max -smp 2 -m 256"
		console=ttyS0 disk=virtio-blk-pci
		;;
	aarch64)
		arch=aarch64 debarch=arm64
		suites=trixie package=linux-image-cloud-arm64
		qemu=qemu-system-aarch64 qemu_package=qemu-system-arm
		machine="-M virt -cpu max,pauth-impdef=on -m 256"
		console=ttyAMA0
		root=ext4
		;;
	arm)
		arch=arm debarch=armhf
		suites=bullseye package=linux-image-armmp
		qemu=qemu-system-arm qemu_package=qemu-system-arm
		machine="-M virt -cpu cortex-a15 -m 256"
		console=ttyAMA0
		;;
	armv6)
		arch=arm debarch=armel
		suites=bookworm package=linux-image-rpi
		dtb=bcm2835-rpi-zero.dtb
		qemu=qemu-system-arm qemu_package=qemu-system-arm
		machine="-M raspi0"
		console=ttyAMA0
		disk=
		# Drivers that wait for what this machine doesn't emulate.
		append=initcall_blacklist=bcm2835_pm_driver_init
		append=$append,vchiq_driver_init,bcm2835_power_driver_init
		;;
	riscv64)
		arch=riscv64 debarch=riscv64
		suites=trixie package=linux-image-riscv64
		qemu=qemu-system-riscv64 qemu_package=qemu-system-misc
		machine="-M virt -m 256"
		console=ttyS0
		root=squashfs
		;;
	*)
		echo "$1: no such board: $boards" >&2
		return 1
		;;
	esac
}
