# SPDX-License-Identifier: Apache-2.0
#
# Buildroot's runtime test of the package: an image with one line of
# configuration more than any other boots into a running container. From the
# top of Buildroot's tree:
#
#	ln -s RUNT/toolchain/buildroot/support/test_runt.py \
#		support/testing/tests/package/
#	support/testing/run-tests -d dl -o output tests.package.test_runt

import os

import infra.basetest

EXTERNAL = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..")


class TestRunt(infra.basetest.BRTest):
    br2_external = [os.path.normpath(EXTERNAL)]
    config = \
        """
        BR2_aarch64=y
        BR2_TOOLCHAIN_EXTERNAL=y
        BR2_TARGET_GENERIC_GETTY_PORT="ttyAMA0"
        BR2_LINUX_KERNEL=y
        BR2_LINUX_KERNEL_CUSTOM_VERSION=y
        BR2_LINUX_KERNEL_CUSTOM_VERSION_VALUE="6.12.43"
        BR2_LINUX_KERNEL_USE_ARCH_DEFAULT_CONFIG=y
        BR2_TARGET_ROOTFS_CPIO=y
        BR2_TARGET_ROOTFS_CPIO_GZIP=y
        # BR2_TARGET_ROOTFS_TAR is not set
        BR2_PACKAGE_RUNT_EXAMPLE=y
        """

    def test_run(self):
        images = os.path.join(self.builddir, "images")
        self.emulator.boot(arch="aarch64",
                           kernel=os.path.join(images, "Image"),
                           kernel_cmdline=["console=ttyAMA0"],
                           options=["-M", "virt", "-cpu", "cortex-a57",
                                    "-initrd",
                                    os.path.join(images, "rootfs.cpio.gz")])
        self.emulator.login()
        # The init script started it before anybody could log in.
        self.assertRunOk("runt list --quiet | grep -qx example")
        self.assertRunOk("runt exec example hostname | grep -qx example")
        self.assertRunNotOk("runt exec example touch /usr/new")
        self.assertRunOk("runt check")
        self.assertRunOk("/etc/init.d/S90runt restart", timeout=60)
        self.assertRunOk("runt state example | grep -q running")
        self.assertRunOk("/etc/init.d/S90runt stop", timeout=60)
        self.assertRunNotOk("runt state example")
