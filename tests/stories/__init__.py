"""Stories (故事): whole days of the sample station, told over WeCom's wire through the simulator."""
